/** What commands over an account use. It takes long to load: they name it as their kit. */
export { AccountError, assertRange, parseMessageId } from '@status-stack/account-rpc'
export { chatName, isName, shortKey } from '@status-stack/account-rpc/targets'
export {
  assertGroup,
  assertPerson,
  assertTarget,
  changedView,
  chatTitle,
  chatView,
  contactView,
  deviceView,
  findChat,
  findGroup,
  findPerson,
  groupView,
  ledgerView,
  messageView,
  sentView,
  type View
} from '@status-stack/account-rpc/words'
export { daemonRuns } from './daemon-account.ts'
export { assertKnown } from './named.ts'
export { withAccount, withOwnAccount } from './session.ts'
export { startHook } from './start-hook.ts'
export { withLink } from './target.ts'
