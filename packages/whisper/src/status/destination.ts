export type { Arrival, Destination, Guarantee, ListenTarget } from '@status-stack/interface'
