import { readLink } from '@status-stack/account-rpc/targets'
import { formatContactLink, formatQrPayload } from '@status-stack/status-accounts'
import encodeQr from 'qr'
import { PageError } from '../errors.ts'
import { limits } from '../limits.ts'

/** What one gives to people who should be able to write. */
export interface Invite {
  readonly link: string
  /** Rows of the QR code, `true` where it is dark, with the margin that readers need. */
  readonly code: readonly (readonly boolean[])[]
}

/** The invite link of an account, and the code with its key, which every Status client reads. */
export function inviteOf(publicKey: Uint8Array): Invite {
  const link = formatContactLink({ publicKey })
  return { link, code: encodeQr(formatQrPayload({ publicKey }), 'raw', { border: 4, ecc: 'medium' }) }
}

/** A QR code as one SVG path in units of its modules. */
export function codePath(code: Invite['code']): string {
  return code.flatMap((row, y) => row.map((dark, x) => (dark ? `M${x} ${y}h1v1h-1z` : ''))).join('')
}

/** Whom a scanned or typed text names. @throws PageError `too-large`; AccountError `link`, `unsupported-link` */
export function personIn(text: string): Uint8Array {
  if (text.length > limits.scannedCharacters) throw new PageError('too-large', 'this is too long for a contact link')
  return readLink(text).publicKey
}
