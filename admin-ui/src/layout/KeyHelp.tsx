import { Box, Dialog, DialogContent, DialogTitle } from '@mui/material'

const KEYS: readonly (readonly [string, string])[] = [
  ['Ctrl + K 或 /', '查找案件、打开页面'],
  ['g 然后 h / t / d / s / a', '工作台 / 待办 / 已办 / 我发起 / 全部案件'],
  ['j / k', '列表中下一件 / 上一件'],
  ['Enter', '打开所在的案件'],
  ['r', '刷新列表或案件'],
  ['a', '案件页：打开首个可办理的动作（只打开，不提交）'],
  ['1 … 7', '案件页：切换页签'],
  ['Ctrl + Enter', '办理面板：提交'],
  ['Esc', '关闭面板，已填内容保留'],
  ['?', '本说明'],
]

export const KeyHelp = ({ open, onClose }: { open: boolean; onClose: () => void }) => (
  <Dialog open={open} onClose={onClose} maxWidth="sm" fullWidth aria-labelledby="key-help">
    <DialogTitle id="key-help">键盘操作</DialogTitle>
    <DialogContent>
      <Box component="dl" sx={{ m: 0, display: 'grid', gridTemplateColumns: '210px 1fr', rowGap: 1 }}>
        {KEYS.map(([keys, effect]) => (
          <Box key={keys} sx={{ display: 'contents' }}>
            <Box component="dt" sx={{ fontWeight: 600 }}>
              {keys}
            </Box>
            <Box component="dd" sx={{ m: 0 }}>
              {effect}
            </Box>
          </Box>
        ))}
      </Box>
      <Box sx={{ color: 'text.secondary', mt: 2 }}>正在输入文字或拼音时，快捷键不起作用；没有任何一个键会直接作出决定。</Box>
    </DialogContent>
  </Dialog>
)
