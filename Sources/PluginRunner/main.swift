RunnerMain.run(CommandLine.arguments)
