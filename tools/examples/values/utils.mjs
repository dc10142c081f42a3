export default async own => {
  const { systemScheduler } = own
  const { signal } = new AbortController()
  class EchoError extends Error {}
  const rows = [1, 2, 3]
  return {
    others: ['@status-stack/interface', '@status-stack/interface/testing'],
    values: {
      address: () => '192.0.2.7',
      now: () => 1,
      peerId: () => 'ab'.repeat(32),
      database: () => ({
        insert: async given => given.map(() => undefined),
        open: async () => {},
        close: async () => {}
      }),
      rows: () => rows,
      check: () => own.createArgumentChecks(message => new EchoError(message)),
      store: () => ({ open: async () => {}, close: async () => {} }),
      client: () => ({ stop: async () => {} }),
      text: () => '{"jsonrpc":"2.0","id":1,"method":"net_version"}',
      fileText: () => '\ufeff{}',
      bytes: () => Uint8Array.of(104, 105),
      socket: () => [new TextEncoder().encode('one\ntwo\n')],
      writeFirst: () => async () => 1,
      writeSecond: () => async () => 2,
      message: () => ({ text: 'one\u202eeno' }),
      error: () => Object.assign(new Error('locked'), { code: 'LEVEL_LOCKED' }),
      flush: () => () => {},
      items: () => rows,
      packet: () => rows,
      envelopes: () => rows,
      judge: () => () => true,
      pool: () => ({ add: () => {} }),
      clock: () => ({ nowMs: () => 1000 }),
      random: () => ({ bytes: length => Uint8Array.of(0x9b, 0x2f, 0x4c, 0x1e, ...new Uint8Array(length - 4)) }),
      EchoError: () => EchoError,
      scheduler: () => systemScheduler,
      signal: () => signal,
      stopping: () => signal,
      call: () => ({ signal }),
      request: () => Promise.resolve(1),
      server: () => ({ page: async () => [] }),
      cursor: () => new Uint8Array(0),
      search: () => async () => 5,
      prefix: () => new Uint8Array(32)
    }
  }
}
