import { Box, Breadcrumbs, Link, Typography } from '@mui/material'
import { useEffect, type ReactNode } from 'react'
import { Link as RouterLink } from 'react-router'

const HOME = '工作台'

interface PageHeadProps {
  title: string
  /** Pages above this one, with their addresses; the workbench comes first by itself. */
  trail?: readonly (readonly [label: string, address?: string])[]
  hint?: ReactNode
  actions?: ReactNode
}

/** Where I am and what this page is called; also the title of the browser's tab. */
export const PageHead = ({ title, trail = [], hint, actions }: PageHeadProps) => {
  useEffect(() => {
    document.title = `${title} · 安居`
  }, [title])
  return (
    <Box sx={{ mb: 1.5 }}>
      {title !== HOME && (
        <Breadcrumbs aria-label="所在位置" separator="/" sx={{ fontSize: '0.75rem', '& .MuiBreadcrumbs-separator': { mx: 0.75 } }}>
          {[[HOME, '/'] as const, ...trail].map(([label, address]) =>
            address ? (
              <Link key={label} component={RouterLink} to={address} underline="hover" color="text.secondary">
                {label}
              </Link>
            ) : (
              <span key={label}>{label}</span>
            ),
          )}
          <Box component="span" aria-current="page" sx={{ color: 'text.primary' }}>
            {title}
          </Box>
        </Breadcrumbs>
      )}
      <Box sx={{ display: 'flex', alignItems: 'center', gap: 1.5, mt: 0.5, minHeight: 32 }}>
        <Typography component="h1" variant="h1">
          {title}
        </Typography>
        {hint && <Box sx={{ color: 'text.secondary' }}>{hint}</Box>}
        <Box sx={{ flexGrow: 1 }} />
        {actions}
      </Box>
    </Box>
  )
}
