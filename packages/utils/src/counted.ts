/**
 * `1 peer`, `2 peers`.
 *
 * @example
 * ```ts
 * counted(2, 'peer') // '2 peers'
 * ```
 */
export const counted = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`

/**
 * The beginning of a peer id: enough to tell peers apart.
 *
 * @example
 * ```ts
 * console.log(`lost ${shortId(peerId)}`)
 * ```
 */
export const shortId = (peerId: string): string => `${peerId.slice(0, 8)}…`
