export type { Audience, Device, Effect, OpenResult, SealResult, SecurityLayer as Sealer } from '@status-stack/interface'
