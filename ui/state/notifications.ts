import { t } from '../i18n/index.ts'
import { live } from './live.ts'
import { createNotifier } from './notifier.ts'
import { preferences } from './preferences.ts'

let audio: AudioContext | null = null

/** Asks the browser for permission; call it when someone switches notifications on. False when it is refused. */
export async function askNotifications(): Promise<boolean> {
  return 'Notification' in globalThis && (await Notification.requestPermission()) === 'granted'
}

/** Two short tones: rising for what is done, falling for what failed. */
export function beep(mood: 'good' | 'bad'): void {
  audio ??= new AudioContext()
  const context = audio
  const start = context.currentTime + 0.02
  for (const [at, frequency] of (mood === 'good' ? [660, 880] : [440, 330]).entries()) {
    const tone = context.createOscillator()
    const loudness = context.createGain()
    const from = start + at * 0.14
    tone.frequency.value = frequency
    loudness.gain.setValueAtTime(0.0001, from)
    loudness.gain.exponentialRampToValueAtTime(0.12, from + 0.02)
    loudness.gain.exponentialRampToValueAtTime(0.0001, from + 0.13)
    tone.connect(loudness).connect(context.destination)
    tone.start(from)
    tone.stop(from + 0.14)
  }
}

/** Desktop notifications and sounds, each if it is switched on, until the function it gives back is called. */
export function startNotifications(): () => void {
  return live.onHappening(
    createNotifier({
      t,
      beep,
      isAway: () => document.hidden || !document.hasFocus(),
      wants: (what) => preferences.get(what),
      after: (ms, callback) => void setTimeout(callback, ms),
      show({ title, body, tag }) {
        if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
        try {
          const notice = new Notification(title, { body, tag, icon: '/favicon.svg' })
          notice.addEventListener('click', () => {
            window.focus()
            notice.close()
          })
        } catch (error) {
          // Chrome on Android has them for service workers only; a toast is on the page in any case.
          if (!(error instanceof TypeError)) throw error
        }
      },
    }),
  )
}
