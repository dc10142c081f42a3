export default async () => ({
  values: { account: () => ({ clockReport: async () => ({ skewMs: 0, chatsAhead: [] }) }) },
  notRun: {
    checkBootnode: 'asks a node on the network',
    checkPeer: 'asks a node on the network',
    checkPorts: 'listens on ports',
    checkAddress: 'asks the gateway of the network',
    checkDisk: 'looks at a folder of a server'
  }
})
