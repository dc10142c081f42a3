import { notNegative, oneOf, onOff, setting, text } from '@status-stack/command-line/settings'
import { nodes, past } from '../setting-values.ts'

/** Settings of `mailserver` alone. */
export const mailserverSettings = {
  store: setting<'level' | 'postgres'>({
    fallback: 'level',
    variable: 'STATUS_STACK_STORE',
    key: 'store',
    help: 'what `mailserver` keeps its archive in',
    parse: oneOf('level', 'postgres'),
    expected: 'level or postgres',
    choices: ['level', 'postgres'],
    flag: '--store <kind>',
    flagHelp: 'what the archive is kept in (default: level)'
  }),
  postgresUrlFile: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_POSTGRES_URL_FILE',
    key: 'postgres_url_file',
    help: 'file with the URL of the database of `mailserver`',
    parse: text,
    expected: 'a file',
    flag: '--postgres-url-file <file>',
    flagHelp: 'URL of the database of --store postgres (else STATUS_STACK_POSTGRES_URL)'
  }),
  archive: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_ARCHIVE',
    key: 'archive',
    help: 'folder of the archive of `mailserver`',
    parse: text,
    expected: 'a folder',
    flag: '--archive <folder>',
    flagHelp: 'where the envelopes are kept (default: in the profile)'
  }),
  fsync: setting<'on' | 'off'>({
    fallback: 'off',
    variable: 'STATUS_STACK_FSYNC',
    key: 'fsync',
    help: 'each envelope of `mailserver` survives a loss of power too',
    parse: onOff,
    expected: 'on or off',
    flag: '--fsync',
    flagHelp: 'each envelope survives a loss of power too, not only the end of the process'
  }),
  retention: setting<number>({
    fallback: 30,
    variable: 'STATUS_STACK_RETENTION',
    key: 'retention',
    help: 'days for which `mailserver` keeps envelopes; 0 for ever',
    parse: notNegative,
    expected: 'a number of days, 0 or more',
    flag: '--retention <days>',
    flagHelp: 'days to keep envelopes; 0 keeps them forever (default: 30)'
  }),
  rateLimit: setting<number>({
    fallback: 0,
    variable: 'STATUS_STACK_RATE_LIMIT',
    key: 'rate_limit',
    help: 'least seconds between two requests of one peer to `mailserver`',
    parse: notNegative,
    expected: 'a number of seconds, 0 or more',
    flag: '--rate-limit <seconds>',
    flagHelp: 'least time between two requests of one peer (default: 0)'
  }),
  mailPasswordFile: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_MAIL_PASSWORD_FILE',
    key: 'mail_password_file',
    help: 'file with the password that requests to `mailserver` are closed with',
    parse: text,
    expected: 'a file',
    flag: '--mail-password-file <file>',
    flagHelp: 'password that requests are closed with (default: status-offline-inbox)'
  }),
  mailKeyFile: setting<string | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_MAIL_KEY_FILE',
    key: 'mail_key_file',
    help: 'file with the private key that requests to `mailserver` may be closed to',
    parse: text,
    expected: 'a file',
    flag: '--mail-key-file <file>',
    flagHelp: 'private key that requests may be closed to (default: the node’s)'
  }),
  bindSigner: setting<'on' | 'off'>({
    fallback: 'off',
    variable: 'STATUS_STACK_BIND_SIGNER',
    key: 'bind_signer',
    help: '`mailserver` answers only requests that the node that sends them has signed',
    parse: onOff,
    expected: 'on or off',
    flag: '--bind-signer',
    flagHelp: 'answer only requests that are signed by the key of the node that sends them'
  }),
  plainRequests: setting<'on' | 'off'>({
    fallback: 'on',
    variable: 'STATUS_STACK_PLAIN_REQUESTS',
    key: 'plain_requests',
    help: '`mailserver` answers requests without signature and password',
    parse: onOff,
    expected: 'on or off',
    flag: '--no-plain-requests',
    flagHelp: 'answer no requests without signature and password'
  }),
  syncFrom: setting<readonly string[]>({
    fallback: [],
    variable: 'STATUS_STACK_SYNC_FROM',
    key: 'sync_from',
    help: 'mailservers whose archive `mailserver` takes over',
    parse: nodes,
    expected: 'a list of URLs like enode://<128 hex digits>@host:port',
    flag: '--sync-from <enode>',
    flagHelp: 'take over the archive of this mailserver; may be repeated'
  }),
  syncSince: setting<number | undefined>({
    fallback: undefined,
    variable: 'STATUS_STACK_SYNC_SINCE',
    key: 'sync_since',
    help: 'how far back `mailserver` takes over',
    parse: past,
    expected: 'how long ago like 24h, or a date like 2026-11-20',
    flag: '--since <time>',
    flagHelp: 'how far back --sync-from reaches (default: 24h)'
  })
} as const
