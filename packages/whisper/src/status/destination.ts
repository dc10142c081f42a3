export type { Arrival, Destination, Guarantee, Want } from '@status-stack/interface'
