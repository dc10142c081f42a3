import { commandTree } from '@status-stack/command-line'
import { type CommandRow, commandRows } from '@status-stack/terminal-chat'
import { expect, test } from 'vitest'
import { createProgram } from '../../src/program.ts'

test('two faces: what is done from outside is done inside too, or makes no sense there', () => {
  const leaves = commandTree(createProgram())
    .filter(({ path, children }) => path.length > 0 && children.length === 0)
    .map(({ path }) => path.join(' '))
  const inside = commandRows.flatMap(([, row]: readonly [string, CommandRow]) => row.oneShot ?? [])
  const outsideOnly =
    /^(init|account .*|keys (show|generate|public|open)|node|mailserver|send|seen|attachment|listen|chat|daemon|doctor|config .*|completion|inspect|demo|conformance|man)$/
  const groups = [
    'history',
    'fetch',
    'react',
    'edit',
    'delete',
    'retry',
    'ledger',
    'chats',
    'contacts',
    'group',
    'devices',
    'verify',
    'whoami'
  ]
  // Counting reads a whole conversation: it is done from outside.
  const wanted = leaves.filter(leaf => groups.includes(leaf.split(' ')[0] ?? '') && leaf !== 'chats stats')
  expect(wanted.filter(leaf => !inside.includes(leaf))).toEqual([])
  expect(wanted.filter(leaf => outsideOnly.test(leaf))).toEqual([])
  // Nothing is promised that is not there.
  expect(inside.filter(path => !leaves.includes(path))).toEqual([])
})
