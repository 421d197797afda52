import { t } from '../i18n/index.ts'
import { Notice } from './notice.tsx'
import styles from './list-panel.module.css'
import type { LineProblem } from './recognise.ts'
import { problemText } from './texts.ts'

export interface ListPanelProps {
  readonly count: number
  readonly problems: readonly LineProblem[]
  /** They are what is left of a list that was added. */
  readonly isLeft: boolean
}

const shown = 5
const isMac = /mac|iphone|ipad/i.test(navigator.userAgent)

/** What many lines come to, and what is wrong with which of them. */
export function ListPanel({ count, problems, isLeft }: ListPanelProps) {
  const lines = new Set(problems.map(({ line }) => line)).size
  return (
    <div className={styles['panel']}>
      <p className={styles['summary']}>
        {isLeft ? (
          <span className={styles['wrong']}>{t('add.listLeft', { count: lines })}</span>
        ) : (
          <>
            <span className={styles['count']}>
              {count === 0 ? t('add.listNothing') : t('add.listSummary', { count })}
            </span>
            {lines > 0 && <span className={styles['wrong']}>{t('add.listWrong', { count: lines })}</span>}
          </>
        )}
        {count > 0 && <span className={styles['keys']}>{isMac ? t('add.listKeysMac') : t('add.listKeys')}</span>}
      </p>
      {lines > 0 && (
        <ul className={styles['problems']}>
          {problems.slice(0, shown).map(({ line, problem }) => {
            const { text, hint } = problemText(problem)
            return (
              <li key={`${line} ${text}`}>
                <Notice
                  tone="warning"
                  text={
                    <>
                      <b className={styles['line']}>{t('add.line', { line })}</b> <bdi>{text}</bdi>
                    </>
                  }
                  hint={hint}
                />
              </li>
            )
          })}
          {problems.length > shown && (
            <li className={styles['more']}>{t('add.listMore', { count: problems.length - shown })}</li>
          )}
        </ul>
      )}
    </div>
  )
}
