export default async own => {
  const privateKey = new Uint8Array(32).fill(1)
  const record = own.createRecord?.(privateKey, 1n, { ip: '192.0.2.7', tcp: 30303, udp: 30303 })
  return {
    values: {
      privateKey: () => privateKey.slice(),
      record: () => record,
      bytes: () => own.encodeRecord?.(record) ?? record.bytes,
      host: () => ({ dial: async () => {}, setExternalAddress: () => {} })
    },
    notRun: {
      probeClock: 'asks a node on the network',
      createDiscovery: 'listens on ports',
      createDnsList: 'asks name servers',
      createPeerPool: 'dials hosts on the network',
      createHost: 'listens on ports',
      findGateway: 'asks the gateway of the network',
      createNat: 'asks the gateway of the network',
      parseRecord: 'shows no whole record'
    }
  }
}
