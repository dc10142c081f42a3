export default async own => {
  const { encodeRlp } = own
  const topic = Uint8Array.of(1, 2, 3, 4)
  return {
    values: {
      stream: () => encodeRlp([1, 'shh']),
      bytes: () => encodeRlp([topic, new Uint8Array(100)]),
      packet: () => encodeRlp([encodeRlp(1), encodeRlp(2)]),
      item: () => topic
    },
    files: {
      rlpList: { item: () => [topic, topic, topic, topic, topic] },
      rlpUint: { item: () => Uint8Array.of(0x76, 0x5f) },
      rlpBool: { item: () => Uint8Array.of(1) }
    }
  }
}
