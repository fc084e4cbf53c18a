import { Box } from '@mui/material'
import { Component, Suspense, type ReactNode } from 'react'
import { Loading, SkipNavigationButton } from 'react-admin'
import { useLocation } from 'react-router'
import { PageError } from './Problems.tsx'
import { SideMenu } from './SideMenu.tsx'
import { TopBar } from './TopBar.tsx'

/** Height of the bar at the top, which stands still. */
const BAR_PX = 52

/**
 * Bar, menu, page: each a landmark of its own, none within another. The library's own layout puts the menu inside of main, where whoever
 * jumps to main has all of it to hear before the page begins.
 */
export const Frame = ({ children }: { children: ReactNode }) => {
  const { pathname } = useLocation()
  return (
    <Box sx={{ position: 'relative', zIndex: 1, minHeight: '100vh', bgcolor: 'background.default' }}>
      <SkipNavigationButton />
      <TopBar />
      <Box sx={{ display: 'flex', pt: `${BAR_PX}px`, '@media print': { pt: 0 } }}>
        <Side />
        {/* Focused by the button that skips the menu. */}
        <Box component="main" id="main-content" sx={{ flex: '1 1 0', minWidth: 0, p: '14px 18px 24px' }}>
          <Guard place={pathname}>
            <Suspense fallback={<Loading />}>{children}</Suspense>
          </Guard>
        </Box>
      </Box>
    </Box>
  )
}

const Side = () => (
  <Box
    component="nav"
    aria-label="主菜单"
    className="no-print"
    sx={{
      width: 212,
      flexShrink: 0,
      position: 'sticky',
      top: BAR_PX,
      height: `calc(100vh - ${BAR_PX}px)`,
      overflowY: 'auto',
      borderRight: 1,
      borderColor: 'divider',
      bgcolor: 'background.paper',
    }}
  >
    <SideMenu />
  </Box>
)

interface GuardProps {
  readonly place: string
  readonly children: ReactNode
}

/** A page that breaks leaves bar and menu standing; whoever goes elsewhere finds the next page whole. */
class Guard extends Component<GuardProps, { readonly broken?: { readonly error: unknown } | undefined }> {
  override state: { readonly broken?: { readonly error: unknown } | undefined } = {}

  static getDerivedStateFromError(error: unknown) {
    return { broken: { error } }
  }

  override componentDidUpdate(before: GuardProps): void {
    if (this.state.broken && before.place !== this.props.place) this.setState({ broken: undefined })
  }

  override render(): ReactNode {
    return this.state.broken ? <PageError error={this.state.broken.error} /> : this.props.children
  }
}
