import styles from './kbd.module.css'

/** A shortcut as it stands on the keys: 'Ctrl+N', or 'N'. Keys are written from left to right in every language. */
export function Kbd({ keys }: { readonly keys: string }) {
  return (
    <span className={styles['keys']} dir="ltr">
      {keys.split('+').map((key) => (
        <kbd key={key} className={styles['key']}>
          {key}
        </kbd>
      ))}
    </span>
  )
}
