/**
 * RLPx sessions over WebSocket: the same identities, handshake and frames as over TCP, from a page or from Node.
 *
 * @packageDocumentation
 */
export { formatWebSocketUrl, parseWebSocketUrl } from './addresses.ts'
export { type WebSocketDialOptions, webSocketCarrier } from './carrier.ts'
export { createWebSocketHost, type WebSocketHostDeps, type WebSocketHostOptions } from './host.ts'
export { limits } from './limits.ts'
export { flowProtocol } from './socket.ts'
