/**
 * The client of an account that another program serves: the same interface as in the program itself. Needs nothing of Node.
 *
 * @packageDocumentation
 */
export type { Account } from './account.ts'
export { type AttachedAccount, type AttachedEvents, attachedAccount } from './attached-account.ts'
export { type AccountChannel, connectAccount, type RemoteAccount } from './connect-account.ts'
export { AccountError, ArgumentError, CallError, type CallErrorCode, type RefusalCode } from './errors.ts'
