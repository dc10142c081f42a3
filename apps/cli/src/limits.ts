/**
 * Every bound on what one file, one argument or one program that talks to this one may cost. Each has a test that overruns
 * it. The bounds of `inspect` stand in inspect/limits.ts.
 */
export const limits = Object.freeze({
  /** Bytes of a password file: longer than any passphrase, short enough to read at once. */
  passwordBytes: 4096,
  /** Bytes of the settings file: a thousand enode URLs take about 200 KiB. */
  configBytes: 256 * 1024,
  /** Bytes of `account.json`, `node.json`, `peers.json`: each holds a few keys or peers. */
  profileFileBytes: 64 * 1024,
  /** Bytes of `holder.json`: a number, a word and a path. */
  holderBytes: 8 * 1024,
  /** Bytes of a file with one key, secret, phrase or URL. */
  secretFileBytes: 16 * 1024,
  /** Bytes of a backup: 256 MiB of history, which is what is read of one, as base64 with the keystore. */
  exportBytes: 352 * 1024 * 1024,
  /** Bytes of a file of vectors: the published ones have at most a few MiB. */
  vectorBytes: 64 * 1024 * 1024,
  /** UTF-8 bytes of a text that is read: the protocol takes fewer and says so itself. */
  textBytes: 64 * 1024,
  /** Bytes of the headers of one request for metrics: a scraper's take a few hundred. */
  metricsHeaderBytes: 8 * 1024,
  /** Milliseconds in which such a request must have come: it fits into one packet. */
  metricsRequestMs: 5_000,
  /** Milliseconds for which its connection stays open for the next one: scrapers that keep it ask more often, or dial anew. */
  metricsKeepAliveMs: 10_000,
  /** Connections to the metrics: a scraper needs one, and several of them with dashboards beside them fit. */
  metricsConnections: 32,
  /** Requests of one of these connections: hours of scraping; then it is made anew, so that none stays for ever. */
  metricsRequestsPerConnection: 1_000,
  /** Calls of one batch. */
  batchCalls: 100,
  /** Calls of one connection of the daemon that run at a time. */
  runningCalls: 32,
  /** Objects and lists inside each other in a call: the deepest value of the API has four, and `fromWire` takes twelve. */
  callDepth: 16,
  /** Values in one call, keys included: a batch of 100 sends has about 1500, and parsing 100 000 takes a few milliseconds. */
  callValues: 100_000,
  /** Bytes of one call: the largest attachment in base64, several times over. */
  callBytes: 5 * 1024 * 1024,
  /** Bytes that wait for a program that does not read; more, and it is given up. */
  unreadBytes: 4 * 1024 * 1024,
  /** Bytes of the calls of one connection that are not answered yet; further ones are refused until some are. */
  unansweredBytes: 16 * 1024 * 1024,
  /** Bytes of one line of the daemon that a command takes: a page of 200 messages that all hold the largest attachment. */
  answerBytes: 192 * 1024 * 1024
})
