/** The scalability model that the network's authors published in 2019, as formulas. All in bytes a day and user. */
export interface ModelInput {
  /** People on the network. */
  readonly users: number
  /** Length of an envelope. @default 1024 */
  readonly envelopeBytes?: number
  /** What a user receives a day. @default 1000: 100 messages of 10 envelopes */
  readonly envelopesPerUser?: number
  /** Topics that private messages of all users are spread over. @default 5000 */
  readonly partitions?: number
  /** Share of all traffic that a bloom filter lets through by mistake. @default 0.1 */
  readonly falsePositives?: number
  /** The same for requests to a mailserver. @default 0.01 */
  readonly mailserverFalsePositives?: number
  /** Copies of each envelope. @default 2 */
  readonly copies?: number
  /** Share of the day without a connection. @default 0.9 */
  readonly offline?: number
}

/**
 * The eight cases of the model, by their number.
 *
 * @example
 * ```ts
 * const [, everything] = publishedModel({ users: 10_000 })
 * ```
 */
export function publishedModel({
  users,
  envelopeBytes = 1024,
  envelopesPerUser = 1000,
  partitions = 5000,
  falsePositives = 0.1,
  mailserverFalsePositives = 0.01,
  copies = 2,
  offline = 0.9
}: ModelInput): readonly number[] {
  const own = envelopeBytes * envelopesPerUser
  const network = own * users
  // The published program divides whole numbers.
  const sharing = Math.max(1, Math.floor(users / partitions))
  const wanted = own * (0.5 * sharing + 0.5)
  const online = copies * (wanted + falsePositives * network)
  return [
    own,
    network,
    own * (0.5 * users + 0.5),
    wanted,
    wanted + falsePositives * network,
    online,
    offline * (wanted + mailserverFalsePositives * network) + (1 - offline) * online,
    wanted
  ]
}

/** What each case counts. */
export const caseNames: readonly string[] = [
  'only messages for me',
  'everything for everyone',
  'one discovery topic',
  'partitioned topics',
  'with bloom false positives',
  'with duplicates',
  'with a mailserver, mostly offline',
  'Waku, one trusted node'
]
