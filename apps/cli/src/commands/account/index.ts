import { defineGroup } from '../../command.ts'
import { exportAccount, importAccount } from './backup.ts'
import { forgetKey } from './forget-key.ts'
import { password } from './password.ts'
import { phrase } from './phrase.ts'
import { recover } from './recover.ts'
import { remove } from './remove.ts'

/** The identity itself. */
export const account = defineGroup({
  name: 'account',
  summary: 'back up, restore and protect the identity',
  examples: [
    ['the words that bring it back', 'account phrase'],
    ['a backup of everything', 'account export --out backup.json'],
    ['restore it', 'account import backup.json --profile restored']
  ],
  commands: [phrase, recover, password, exportAccount, importAccount, forgetKey, remove]
})
