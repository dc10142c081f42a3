import { type ManProgram, settingsManPage } from '@status-stack/command-line/man'
import { settingKinds } from './setting-kinds.ts'
import { version } from './version.ts'

/** The page of the settings file, section 5. */
export const configPage = 'status-stack-config'

/** What the man pages of this program share. */
export const manProgram = (): ManProgram => ({
  name: 'status-stack',
  version: version(),
  kinds: settingKinds,
  variables: [
    ['STATUS_STACK_CONFIG', 'the settings file, instead of the one below'],
    ['STATUS_STACK_PASSWORD', 'the password, where no file with it is named']
  ],
  files: [
    ['$XDG_CONFIG_HOME/status-stack/config.toml', 'settings; ~/.config where the variable is not set'],
    [
      '$XDG_DATA_HOME/status-stack/PROFILE/',
      'a profile: its account and its database; ~/.local/share where the variable is not set'
    ],
    [
      '$XDG_CACHE_HOME/status-stack/',
      'compiled code of the program, with Node 22.8 and newer; ~/.cache where the variable is not set'
    ]
  ],
  exitStatus:
    '0 done, 1 failed, 2 wrong arguments, 3 password, 4 no peer, 5 profile in use, 6 profile missing or damaged, 7 not acknowledged in time, 8 disk full, 130 interrupted.',
  settingsPage: configPage
})

/** What is written about each setting is its row of the table. */
export const configManPage = (): string =>
  settingsManPage(manProgram(), {
    synopsis: '$XDG_CONFIG_HOME/status-stack/config.toml',
    description: [
      'The file is TOML: a setting a line, behind # what people note down. A setting in a table [profiles.NAME] holds for that profile alone, and wins over the same one above the tables.',
      'A flag wins over the variable of the environment, that over the file, and the file over the default. status-stack config show --origin says what is in force, and why; config template prints a file with all settings; config set changes one.'
    ],
    example:
      'peers = ["enode://…@relay.example.org:30303"]\n\n[profiles.work]\nmailservers = ["enode://…@mail.example.org:30303"]',
    related: ['status-stack', 'status-stack-config-show']
  })
