import { playAll } from '../play.ts'
import { relays } from '../relays.ts'

playAll('relays', relays)
