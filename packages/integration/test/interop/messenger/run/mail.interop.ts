import { mail } from '../mail.ts'
import { playAll } from '../play.ts'

playAll('mail', mail)
