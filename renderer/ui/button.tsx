import { clsx } from 'clsx'
import type { LucideIcon } from 'lucide-react'
import type { ComponentProps } from 'react'
import { Tooltip } from './tooltip.tsx'

export interface ButtonProps extends ComponentProps<'button'> {
  /** One `primary` per view; `quiet` has no edge; `danger` destroys something. */
  kind?: 'primary' | 'plain' | 'quiet' | 'danger'
  size?: 'small' | 'medium'
  icon?: LucideIcon | undefined
  /** Something is under way: it cannot be pressed again and says so. */
  isBusy?: boolean | undefined
}

const kinds = {
  primary: 'bg-accent text-on-accent font-medium enabled:hover:bg-accent-hover',
  plain: 'border border-line-strong/60 bg-card text-ink enabled:hover:bg-hover',
  quiet: 'text-muted enabled:hover:bg-hover enabled:hover:text-ink',
  danger: 'bg-bad-fill text-on-accent font-medium enabled:hover:opacity-90',
} as const

const sizes = { small: 'h-6 gap-1 px-2 text-small', medium: 'h-8 gap-2 px-3 text-body' } as const

/** A button with words. */
export function Button({ kind = 'plain', size = 'medium', icon: Icon, isBusy, className, ...rest }: ButtonProps) {
  return (
    <button
      type="button"
      {...rest}
      disabled={rest.disabled === true || isBusy === true}
      aria-busy={isBusy}
      className={clsx(
        'inline-flex shrink-0 items-center justify-center rounded-control whitespace-nowrap select-none disabled:opacity-50',
        kinds[kind],
        sizes[size],
        className,
      )}
    >
      {Icon !== undefined && <Icon aria-hidden className={size === 'small' ? 'size-3' : 'size-4'} strokeWidth={1.75} />}
      {rest.children}
    </button>
  )
}

export interface IconButtonProps extends Omit<ButtonProps, 'icon' | 'children'> {
  icon: LucideIcon
  /** What it does; read out, and shown on hover. */
  label: string
}

/** A button with a sign only. */
export function IconButton({
  icon: Icon,
  label,
  kind = 'quiet',
  size = 'medium',
  className,
  ...rest
}: IconButtonProps) {
  return (
    <Tooltip text={label}>
      <Button
        {...rest}
        kind={kind}
        size={size}
        aria-label={label}
        className={clsx(size === 'small' ? 'w-6 px-0!' : 'w-8 px-0!', className)}
      >
        <Icon aria-hidden className={size === 'small' ? 'size-3.5' : 'size-4'} strokeWidth={1.75} />
      </Button>
    </Tooltip>
  )
}
