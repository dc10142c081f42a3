// Keys, ids and hashes in what is shown, replaced by digits that are nobody's.

const hexDigits = '0123456789abcdef'
const keyDigits = '123456789ABCDEFGHJKLMNPQRSTUVWXYZabcdefghijkmnopqrstuvwxyz'

const repeated = (digits, length) => digits.repeat(Math.ceil(length / digits.length)).slice(0, length)

/** The same text, as long as before. */
export function withoutKeys(text) {
  return text
    .replace(/zQ3sh([1-9A-HJ-NP-Za-km-z]{20,})/g, (_, digits) => `zQ3sh${repeated(keyDigits, digits.length)}`)
    .replace(/[0-9a-f]{12,}/g, found => repeated(hexDigits, found.length))
}

/** Runs of digits in a text that may be somebody's key. What is cut out of a replaced one, at the end of a line or a read, is nobody's. */
export const keysIn = text =>
  [...text.matchAll(/[0-9a-f]{12,}|zQ3sh[1-9A-HJ-NP-Za-km-z]{20,}/g)]
    .map(([found]) => found.replace('zQ3sh', ''))
    .filter(
      found => ![hexDigits, keyDigits].some(digits => repeated(digits, found.length + digits.length).includes(found))
    )
