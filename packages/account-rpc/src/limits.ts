/** Every bound on what one program that talks to an account may cost. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Calls of one batch: answers are collected before they are sent. */
  batchCalls: 100,
  /** Calls of one connection that run at a time: as many as a busy program needs, few enough to share one account. */
  runningCalls: 32,
  /** Objects and lists inside each other in a call: the deepest value of the API has four. */
  callDepth: 16,
  /** Values in one call, keys included: a batch of 100 sends has about 1500, and parsing 100 000 takes a few milliseconds. */
  callValues: 100_000,
  /** Bytes of one call: the largest attachment in base64, several times over. For the server of the stream. */
  callBytes: 5 * 1024 * 1024,
  /** Bytes that wait for a program that does not read; more, and its connection is closed. For the server of the stream. */
  unreadBytes: 4 * 1024 * 1024,
  /** Bytes of the calls of one connection that are not answered yet; further ones are refused until some are. */
  unansweredBytes: 16 * 1024 * 1024,
  /** Bytes of one line that the client takes: a page of 1000 messages of the longest text, escaped. */
  answerBytes: 192 * 1024 * 1024
})
