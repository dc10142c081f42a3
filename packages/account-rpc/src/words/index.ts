/**
 * The facts of an account in words for people: one line for each, and the names that people are called by.
 *
 * @packageDocumentation
 */

export { chatView, contactView, deviceView, groupView } from './chat-views.ts'
export { clockAdvice, createSkewMemory, noticeView, skewView, wrongClock } from './clock-facts.ts'
export { assertGroup, assertPerson, assertTarget, findChat, findGroup, findPerson, type Known } from './find.ts'
export { reportHistory } from './history-report.ts'
export { fetchedView, historyView } from './history-view.ts'
export { type KnownWord, knownWords } from './known-words.ts'
export { messageBody, reactionsText } from './message-text.ts'
export {
  changedView,
  clockTime,
  deliveryView,
  ledgerView,
  messageView,
  protectionWords,
  type Reached,
  readable,
  refusedView,
  sentView
} from './message-views.ts'
export {
  chatTitle,
  createNames,
  handleOf,
  type KnownNames,
  keyNames,
  type LearnedNames,
  type Names,
  type Naming,
  namesOfAccount,
  type PersonName,
  personColor,
  personName,
  shownPerson
} from './names.ts'
export type { Output } from './output.ts'
export { groupsCalled, isCalled, peopleCalled, sameName } from './people-called.ts'
export { whyNoHistory, whyNotShown } from './reason-words.ts'
export type { View } from './view.ts'
