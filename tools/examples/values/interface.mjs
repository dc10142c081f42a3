export default async own => {
  const { createLinkPair } = own
  return {
    values: {
      error: () => new Error('from somewhere'),
      received: () => [1],
      packet: () => ({ payload: Uint8Array.of(1, 2, 3) }),
      link: () => createLinkPair().left,
      payload: () => Uint8Array.of(1),
      reader: () => ({ next: async () => ({ value: 1 }) })
    },
    notRun: { createLinkPair: 'reads a link that stays open' }
  }
}
