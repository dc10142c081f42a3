import { parseMoment } from '@status-stack/account-rpc/methods'
import { texts } from '@status-stack/command-line/settings'
import { isOrigin, isPageOrigin } from './origins.ts'

// How what a file or a variable holds becomes a value of our own kinds; undefined when it does not fit.

/**
 * Whether a text has the form of a node's address. What no form tells, that its key is a point of the curve for one, is checked
 * where it is dialed: the settings are read by every command, and most of them need no code for that.
 */
const nodeForm = /^(enode:\/\/|wss?:\/\/)[0-9a-f]{128}(:[^@/]*)?@[^\s@/?#]+$/i
const isNode = (text: string): boolean => {
  const [address = ''] = text.split('?')
  const carried = /^wss?:/i.test(address)
  const node = carried ? address.replace(/^(wss?:\/\/[^/]*)\/.*$/i, '$1') : address
  const port = /:(\d{1,5})$/.exec(node.slice(node.lastIndexOf('@')))?.[1]
  return nodeForm.test(node) && (port === undefined ? carried : Number(port) <= 65_535)
}

const listOf =
  (fits: (text: string) => boolean) =>
  (raw: unknown): readonly string[] | undefined => {
    const list = texts(raw)
    return list?.every(fits) ? list : undefined
  }

/** Nodes to connect to. */
export const nodes = listOf(isNode)
/** What `nodes` takes, in words. */
export const nodesExpected = 'a list of URLs like enode://<128 hex digits>@host:port'
/** How long ago, or a date; Unix seconds. */
export const past = (raw: unknown): number | undefined =>
  typeof raw === 'string' ? parseMoment(raw, Date.now()) : undefined
export const origins = listOf(isOrigin)
/** As browsers write them, or `*` for all. */
export const peerOrigins = listOf(isPageOrigin)
