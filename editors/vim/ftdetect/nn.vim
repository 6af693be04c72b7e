autocmd BufNewFile,BufRead *.nn setfiletype nn
autocmd BufNewFile,BufRead * if getline(1) =~# '^#!.*\<nn\>' | setfiletype nn | endif
