export default async () => ({
  values: {},
  notRun: {
    runConformance: 'takes a minute; the package’s tests run it',
    formatRecords: 'takes a minute; the package’s tests run it',
    connectProcess: 'starts a program of the reader',
    serveConformance: 'takes over standard input'
  }
})
