/**
 * Bounds on what others, files and people can make the page hold, compute or draw. Each has a test that overruns it; what the
 * messenger itself keeps is bounded by `limits` of its packages.
 */
export const limits = Object.freeze({
  /** Characters of `node.json`, in which a server names its node: an address takes about 250. */
  nodeFileCharacters: 4096,
  /** Milliseconds that an account waits for it: a network that answers nothing must not keep a person from what is stored. */
  nodeFileMs: 4000,
  /** Nodes, and mailservers, that one account connects to. */
  nodes: 4,
  /** Characters of one address: a host name of 253 and a key of 128, with a path. */
  addressCharacters: 1024,
  /** Bytes of a picture that is chosen to be sent, before it is made smaller: what cameras of phones make. */
  pictureFileBytes: 32 * 1024 * 1024,
  /** Pixels of a picture that is drawn or made smaller: each takes four bytes once it is decoded. */
  picturePixels: 50_000_000,
  /** Messages that are read when a conversation is opened, and each time older ones are asked for. */
  messagePage: 50,
  /** Messages of one conversation that are in the page at once; further back, later ones leave it. */
  messagesShown: 400,
  /** Characters of one message that are drawn at once: the protocol takes 4 096 bytes, a later release might take more. */
  textShown: 8192,
  /** Links that are made of one message's text. */
  linksPerText: 50,
  /** Notices that stay on the screen; the oldest goes. */
  notices: 5,
  /** Bytes that can be pasted or dropped into the inspector: the largest packet of a node. */
  inspectedBytes: 10 * 1024 * 1024,
  /** Characters in which those bytes may be written: hex with spaces between. */
  inspectedCharacters: 3 * 10 * 1024 * 1024,
  /** Parts of one tree that are drawn; the rest is counted. */
  partsShown: 2000,
  /** Recorded messages of the page, and their bytes; the oldest go. */
  recordedEntries: 200,
  recordedBytes: 8 * 1024 * 1024,
  /** Keys of places that the inspector tries on an envelope: each joined chat and each person that was talked with has one or two. */
  placeKeys: 1024,
  /** Pixels across a picture of the camera that is searched for a code: enough for a code that fills a third of it. */
  cameraPixels: 960,
  /** Characters of a scanned code: a QR code holds at most 4 296. */
  scannedCharacters: 4296
})
