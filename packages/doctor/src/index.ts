/**
 * What keeps a node from its peers, and messages from people: checks of the machine, of its ports and address, and of the nodes it
 * wants to reach, each answered with a sentence and what to do about it. Node only.
 *
 * @packageDocumentation
 */
export { checkBootnode } from './bootnode.ts'
export { judgeChatClocks, judgeReportedClock } from './chat-clocks.ts'
export { type Finding, note, ok, problem } from './finding.ts'
export { checkCurve, checkDisk, checkNode } from './machine.node.ts'
export { checkPeer, type PeerCheck, type PeerCheckOptions } from './peer.ts'
export { type AddressView, checkAddress, checkPorts, type WantedPort } from './reachability.node.ts'
