// What needs Node, in one table: examples of these packages are not played in a page, and their users install Node's types.

/**
 * `run`: for Node alone. `types`: runs anywhere, but its declarations, or those of a dependency, name types of Node; abstract-level's
 * name Buffer and EventEmitter, which reaches the messenger and the simulator that runs it.
 */
export const nodeNeeds = Object.freeze({
  'account-rpc': 'types',
  'client-node': 'run',
  conformance: 'types',
  'devp2p-transport': 'run',
  doctor: 'run',
  profiles: 'run',
  'relay-node': 'run',
  simulator: 'types',
  'status-client': 'types',
  'terminal-chat': 'run',
  'websocket-transport': 'types',
  'whisper-mailserver': 'run',
  'whisper-rpc': 'types'
})

const isNodeEntry = entry => /\/(node|server)$/.test(entry)
const packageOf = specifier => /^@status-stack\/([\w-]+)/.exec(specifier)?.[1]

/** Whether users of an entry, such as `@status-stack/crypto/testing`, install Node's types. */
export const needsNodeTypes = entry => packageOf(entry) in nodeNeeds || isNodeEntry(entry)

/** Whether an example runs in Node alone, by what it imports. */
export function needsNode(code) {
  return [...code.matchAll(/from '([^']+)'/g)].some(
    ([, specifier]) =>
      specifier.startsWith('node:') || isNodeEntry(specifier) || nodeNeeds[packageOf(specifier)] === 'run'
  )
}
