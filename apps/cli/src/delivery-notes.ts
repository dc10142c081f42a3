import type { Account } from '@status-stack/account-rpc'
import {
  createSkewMemory,
  deliveryView,
  type Names,
  noticeView,
  refusedView,
  skewView,
  type View
} from '@status-stack/account-rpc/words'
import type { Output } from './output.ts'

/** Says what happens to what is sent, and what is refused. */
export function noteFacts(
  account: Pick<Account, 'on'>,
  publicKey: string,
  names: Names,
  output: Output,
  brief = false
): void {
  const note = ({ event, text }: View): void => output.note(event, text)
  let last = ''
  account.on('delivery', fact => {
    const view = deliveryView(fact, names)
    if (output.json) return note(view)
    // People are told of others, and once: copies to own devices and a step that has the same words are noise.
    const { protection, ...step } = fact
    const said = deliveryView(step, names).text
    if (brief || fact.recipient === publicKey || said === last) return output.verbose(view.text)
    last = said
    note(view)
  })
  account.on('refused', fact => {
    const view = refusedView(fact, names)
    // Ordinary traffic, in which nothing is lost, is nothing to tell people of.
    if (fact.expected && !output.json) output.verbose(view.text)
    else note(view)
  })
  const telling = createSkewMemory()
  account.on('skew', fact => {
    if (telling(fact) || output.json) note(skewView(fact))
  })
  account.on('notice', fact => note(noticeView(fact)))
}
