export default async (_own, use) => {
  const { createWhisper } = await use('@status-stack/whisper')
  return {
    values: { whisper: () => createWhisper({}, { powWorkers: 0 }) },
    notRun: {
      serveHttp: 'listens on a port',
      serveIpc: 'listens on a socket',
      serveStreams: 'takes over standard input',
      serveWebSocket: 'listens on a port'
    }
  }
}
