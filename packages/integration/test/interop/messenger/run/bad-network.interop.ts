import { badNetworks } from '../bad-network.ts'
import { playAll } from '../play.ts'

playAll('bad-network', badNetworks)
