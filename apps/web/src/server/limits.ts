/** Bounds on what browsers and others can make a server of the page hold. Each has a test that overruns it. */
export const serverLimits = Object.freeze({
  /** Bytes of the headers of one request for the page: a browser's take about a thousand. */
  headerBytes: 16 * 1024,
  /** Milliseconds in which such a request must have come. */
  requestMs: 10_000,
  /** Connections to the page, its WebSockets among them: a browser makes six for each tab that opens. */
  connections: 128
})
