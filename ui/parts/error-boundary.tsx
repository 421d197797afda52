import { Component } from 'react'
import type { ReactNode } from 'react'
import { t } from '../i18n/index.ts'
import { Button } from './button.tsx'
import { EmptyState } from './empty-state.tsx'
import { RotateCw, TriangleAlert } from './icon.tsx'

interface Props {
  readonly children: ReactNode
}

/** Shows a calm message where a part of the page fails; the rest of it goes on. React knows only classes for this. */
export class ErrorBoundary extends Component<Props, { readonly failed: boolean }> {
  override state = { failed: false }

  static getDerivedStateFromError(): { failed: boolean } {
    return { failed: true }
  }

  override render(): ReactNode {
    if (!this.state.failed) return this.props.children
    return (
      <div role="alert">
        <EmptyState
          icon={<TriangleAlert aria-hidden="true" />}
          title={t('common.brokenTitle')}
          text={t('common.brokenText')}
          action={
            <Button variant="primary" icon={<RotateCw aria-hidden="true" />} onClick={() => location.reload()}>
              {t('common.reload')}
            </Button>
          }
        />
      </div>
    )
  }
}
