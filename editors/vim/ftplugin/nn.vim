if exists('b:did_ftplugin')
  finish
endif
let b:did_ftplugin = 1

setlocal commentstring=#\ %s comments=:# formatoptions-=t formatoptions+=croql
setlocal expandtab shiftwidth=2 softtabstop=2
setlocal suffixesadd=.nn
if executable('nn')
  setlocal formatprg=nn\ fmt\ -
endif
let b:undo_ftplugin = 'setlocal commentstring< comments< formatoptions< expandtab< shiftwidth< softtabstop< suffixesadd< formatprg<'

if has('nvim') && !exists('g:nn_no_lsp')
  lua require('nn').start()
endif
