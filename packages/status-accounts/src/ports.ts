export type { IdentityKey, Random } from '@status-stack/interface'
