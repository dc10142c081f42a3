import { conversations } from '../conversations.ts'
import { playAll } from '../play.ts'

playAll('conversations', conversations)
