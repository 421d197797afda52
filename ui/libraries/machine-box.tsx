import type { LlamaHardware } from '../../src/server/api-types.ts'
import { useHardware } from '../add/use-hardware.ts'
import { wishText } from '../add/wish-text.ts'
import { count } from '../i18n/formats.ts'
import { t } from '../i18n/index.ts'
import { Button } from '../parts/button.tsx'
import { Cpu, Gauge, RotateCw } from '../parts/icon.tsx'
import { Skeleton } from '../parts/skeleton.tsx'
import { errorText } from '../state/texts.ts'
import { hardwareWords } from './hardware-words.ts'
import styles from './libraries.module.css'

/** What the daemon's machine has, and in which order it would be used. */
export function MachineBox() {
  const { answer, error, reload } = useHardware()
  return (
    <section className={styles['machine']} aria-labelledby="machine">
      <h3 id="machine">{t('libraries.machineTitle')}</h3>
      {answer !== undefined && <Machine hardware={answer} />}
      {answer === undefined && error === undefined && (
        <div role="status" aria-busy="true" aria-label={t('common.loading')}>
          <Skeleton height="40px" />
        </div>
      )}
      {answer === undefined && error !== undefined && (
        <div className={styles['failed']}>
          <p>{`${t('libraries.machineFailed')} ${errorText(error).text}`}</p>
          <Button size="small" icon={<RotateCw aria-hidden="true" />} onClick={reload}>
            {t('list.tryAgain')}
          </Button>
        </div>
      )}
    </section>
  )
}

function Machine({ hardware }: { readonly hardware: LlamaHardware }) {
  const { platform, plan, notes, facts } = hardware
  const { system, gpus } = hardwareWords(hardware)
  return (
    <>
      <ul className={styles['hardware']}>
        {system.map((one) => (
          <li key={one}>
            <Cpu size={14} aria-hidden="true" />
            {one}
          </li>
        ))}
        {(gpus.length === 0 ? [t('libraries.noGpu')] : gpus).map((one) => (
          <li key={one}>
            <Gauge size={14} aria-hidden="true" />
            {t('libraries.gpuIs', { name: one })}
          </li>
        ))}
      </ul>
      {platform === null ? (
        <p>{t('libraries.machineNone', { platform: `${facts.platform}/${facts.arch}` })}</p>
      ) : (
        <>
          <p>{t('libraries.machineRuns', { platform })}</p>
          <ol className={styles['plan']}>
            {plan.map((wish, index) => (
              <li key={`${wish.backend} ${wish.atMost} ${wish.atLeast}`}>
                <span className={styles['rank']} aria-hidden="true">
                  {count(index + 1)}
                </span>
                <bdi className={styles['backend']}>{wish.backend}</bdi>
                <span className={styles['why']}>{wishText(wish)}</span>
              </li>
            ))}
          </ol>
        </>
      )}
      {notes.length > 0 && (
        <details className={styles['notes']}>
          <summary>{t('libraries.machineMore')}</summary>
          <ul>
            {notes.map((note) => (
              <li key={note} dir="auto">
                {note}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}
