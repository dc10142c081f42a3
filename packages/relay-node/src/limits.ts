/** Every bound on what a program that asks for metrics may cost. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Bytes of the headers of one request: a scraper's take a few hundred. */
  metricsHeaderBytes: 8 * 1024,
  /** Milliseconds in which a request must have come: it fits into one packet. */
  metricsRequestMs: 5_000,
  /** Milliseconds for which its connection stays open for the next one: scrapers that keep it ask more often, or dial anew. */
  metricsKeepAliveMs: 10_000,
  /** Connections: a scraper needs one, and several of them with dashboards beside them fit. */
  metricsConnections: 32,
  /** Requests of one connection: hours of scraping; then it is made anew, so that none stays for ever. */
  metricsRequestsPerConnection: 1_000
})
