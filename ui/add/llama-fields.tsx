import { allTargets, showTarget } from '../../src/core/llama-target.ts'
import type { LlamaHardware } from '../../src/server/api-types.ts'
import { t } from '../i18n/index.ts'
import { Checkbox } from '../parts/checks.tsx'
import { CircleAlert } from '../parts/icon.tsx'
import styles from './llama-fields.module.css'
import { Choice } from './option-fields.tsx'
import type { OwnForm } from './option-fields.tsx'
import { fieldProblemText } from './texts.ts'
import { useHardware } from './use-hardware.ts'
import { wishText } from './wish-text.ts'

const platforms = allTargets.map(showTarget)
const usualVariants = ['cpu', 'cuda', 'rocm', 'vulkan', 'sycl', 'openvino', 'opencl', 'metal']

export interface LlamaFieldsProps extends OwnForm {
  /** Those that releases have. */
  readonly variants?: readonly string[]
}

/** What can be said about libraries besides their version. */
export function LlamaFields({ variants = usualVariants, ...own }: LlamaFieldsProps) {
  const { form, onChange } = own
  const { answer: hardware } = useHardware()
  return (
    <>
      <PlatformBoxes host={hardware?.platform ?? null} {...own} />
      <Choice
        name="variant"
        label={t('add.variant')}
        hint={variantHint(form.variant, hardware)}
        options={variantOptions(form.variant, variants)}
        {...{ form, onChange }}
      />
      <div className={styles['strict']}>
        <Checkbox
          label={t('add.strict')}
          checked={form.strict === 'yes'}
          onChange={(checked) => onChange({ strict: checked ? 'yes' : '' })}
        />
      </div>
    </>
  )
}

interface PlatformBoxesProps extends OwnForm {
  /** The platform of the daemon's machine; null where it is not known, or there are no libraries for it. */
  readonly host: string | null
}

/** The six that there are libraries for. While nothing was chosen it is the machine of the daemon. */
function PlatformBoxes({ host, form, read, showAll, onChange }: PlatformBoxesProps) {
  const chosen = new Set(form.targets === '' ? [host] : form.targets.split(' '))
  const error = showAll ? fieldProblemText(read.problems.targets) : undefined
  const change = (platform: string, isChosen: boolean): void => {
    const next = platforms.filter((one) => (one === platform ? isChosen : chosen.has(one)))
    const isUsual = next.length === 1 && next[0] === host
    onChange({ targets: isUsual ? '' : next.join(' ') || 'none' })
  }
  return (
    <fieldset className={styles['platforms']}>
      <legend>{t('add.targets')}</legend>
      <div className={styles['boxes']}>
        {platforms.map((platform) => (
          <Checkbox
            key={platform}
            label={
              <>
                <bdi>{platform}</bdi>
                {platform === host && <span className={styles['host']}> {t('add.targetHere')}</span>}
              </>
            }
            checked={chosen.has(platform)}
            onChange={(isChosen) => change(platform, isChosen)}
            {...(error === undefined ? {} : { 'aria-invalid': true })}
          />
        ))}
      </div>
      {error !== undefined && (
        <p className={styles['error']} role="alert">
          <CircleAlert size={14} aria-hidden="true" />
          {error}
        </p>
      )}
    </fieldset>
  )
}

function variantHint(variant: string, hardware: LlamaHardware | undefined): string {
  if (variant === 'all') return t('add.variantAllHint')
  if (variant !== '') return t('add.variantOneHint')
  const [best] = hardware?.plan ?? []
  if (best === undefined) return t('add.variantAutoHint')
  return t('add.variantAutoBecause', { backend: best.backend, why: wishText(best) })
}

function variantOptions(now: string, known: readonly string[]) {
  const names = now === '' || now === 'all' || known.includes(now) ? known : [now, ...known]
  return [
    { value: '', label: t('add.variantAuto') },
    ...names.map((name) => ({ value: name, label: name })),
    { value: 'all', label: t('add.variantAll') },
  ]
}
