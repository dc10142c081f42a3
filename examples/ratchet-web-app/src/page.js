import { openDevice } from './device.js'
import { openVault } from './vault.js'

/** @param {string} id */
const element = id => /** @type {HTMLElement} */ (document.getElementById(id))

// Each name is a device of its own: open the page twice, as ?alice and as ?bob.
const name = location.search.slice(1) || 'alice'
element('me').textContent = name

// The tabs of one browser stand for the network. A server of yours would carry the same bytes.
const channel = new BroadcastChannel('example-ratchet')
const device = await openDevice(`${name}-tab`, await openVault(name), async (bytes, to) =>
  channel.postMessage({ kind: 'sealed', bytes, to, from: device.publicKey })
)
/** @type {Uint8Array | undefined} */
let other

/** @param {string} who @param {string} text @param {string} protection */
function show(who, text, protection) {
  const line = document.createElement('li')
  line.textContent = `${who}: ${text} (${protection})`
  element('lines').append(line)
}

const isMine = (/** @type {Uint8Array} */ key) => key.every((byte, at) => byte === device.publicKey[at])
const greet = (/** @type {string} */ kind) => channel.postMessage({ kind, from: device.publicKey })

channel.onmessage = async (/** @type {MessageEvent} */ { data }) => {
  if (data.kind === 'hello') greet('here')
  if (data.kind === 'sealed') {
    if (!isMine(data.to)) return
    await device.read(data.bytes, data.from, async (text, protection) => show('they', text, protection))
  }
  other = data.from
  element('state').textContent = 'the other tab is there'
}
greet('hello')

element('write').addEventListener('submit', async event => {
  event.preventDefault()
  const field = /** @type {HTMLInputElement} */ (element('text'))
  const text = field.value
  if (other === undefined || text === '') return
  field.value = ''
  show('you', text, await device.write(text, other))
})
