/** Every bound on what a remote side of a WebSocket can make us hold or compute. Each has a test that overruns it. */
export const limits = Object.freeze({
  /** Largest message taken, bytes. Ours have at most 64 KiB and one byte; gateways to TCP forward what one read gave them. */
  messageBytes: 256 * 1024,
  /** Fragments of one message: honest senders use one, proxies a few; each costs an entry in the library's list. */
  messageFragments: 64,
  /** Chunks of TCP that the library keeps while one message is not complete: 256 KiB in segments of 512 bytes. */
  bufferedChunks: 512,
  /** With flow control: bytes that a sender may be ahead of the one who reads. As much as a capability may leave unread. */
  flowWindowBytes: 1 << 20,
  /**
   * Bytes held for a reader that pauses where receiving cannot be stopped (browsers), and what a message costs beside its bytes; then
   * the connection is closed. With flow control, a window of the smallest frames, 64 bytes each, is 3 MiB.
   */
  unreadBytes: 4 << 20,
  messageOverheadBytes: 128,
  /** Bytes handed to the WebSocket before `write` says wait: as over TCP. */
  writeWindowBytes: 256 * 1024,
  /** Header of a request to open a WebSocket, bytes; a real one has about 600. */
  headerBytes: 8 * 1024,
  /** Time from the TCP connection to the end of that request, milliseconds: both RLPx handshakes get as much. */
  upgradeMs: 5_000,
  /** TCP connections that have not become a WebSocket; the oldest of the address that has most of them makes room. */
  pendingUpgrades: 100,
  /** Addresses read of one `X-Forwarded-For`: more proxies than that are a mistake. */
  forwardedAddresses: 16,
  /** Time for the other side to answer our Close, milliseconds. RLPx gives a Disconnect as much. */
  closeMs: 1_000,
  /** Length of a node's URL, characters: the key takes 128 of them, a host name at most 253. */
  urlCharacters: 1_024
})
