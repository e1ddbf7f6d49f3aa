; Included by electron-builder's NSIS script: links (llm-gateway://...), and an uninstaller that offers to take back what
; the app changed outside of its folder. Each offer is a question of its own; silent runs and updates change nothing.

!macro customInstall
  WriteRegStr SHELL_CONTEXT "Software\Classes\llm-gateway" "" "URL:LLM Gateway"
  WriteRegStr SHELL_CONTEXT "Software\Classes\llm-gateway" "URL Protocol" ""
  WriteRegStr SHELL_CONTEXT "Software\Classes\llm-gateway\DefaultIcon" "" "$INSTDIR\${APP_EXECUTABLE_FILENAME},0"
  WriteRegStr SHELL_CONTEXT "Software\Classes\llm-gateway\shell\open\command" "" '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" "%1"'
!macroend

; Runs before the files are removed, so the app can still be asked.
!macro customUnInstall
  ${ifNot} ${isUpdated}
    ${ifNot} ${Silent}
      MessageBox MB_YESNO|MB_ICONQUESTION "Point the AI tools that are connected to LLM Gateway back to where they were?$\r$\n$\r$\nWithout it they keep asking a gateway that is not there any more." /SD IDNO IDNO keepTools
        nsExec::ExecToLog '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" uninstall --undo-tools --yes'
        Pop $0
        ${if} $0 != 0
          MessageBox MB_OK|MB_ICONEXCLAMATION "Some tools could not be pointed back. The first version of every changed file is kept in $APPDATA\LLM Gateway\connect\originals." /SD IDOK
        ${endif}
      keepTools:
      MessageBox MB_YESNO|MB_ICONQUESTION "Remove the provider keys that LLM Gateway keeps in the Windows Credential Manager?" /SD IDNO IDNO keepKeys
        nsExec::ExecToLog '"$INSTDIR\${APP_EXECUTABLE_FILENAME}" uninstall --remove-keys --yes'
        Pop $0
        ${if} $0 != 0
          MessageBox MB_OK|MB_ICONEXCLAMATION "Some keys could not be removed. They are named LLM Gateway in the Credential Manager." /SD IDOK
        ${endif}
      keepKeys:
    ${endif}
    ; The entry for start at login, under the id that the app gives itself (main/desktop.ts).
    DeleteRegValue HKCU "Software\Microsoft\Windows\CurrentVersion\Run" "${APP_ID}"
    DeleteRegKey SHELL_CONTEXT "Software\Classes\llm-gateway"
  ${endif}
!macroend
