%% OTP as a gateway that keeps what it is told: ENCODING CARRIER VERSION PORT REFUSED, where the
%% controller listens, and the command that it does not know (`move` or `none`). Media it has none.
%% A line `held` has it say what it holds and which commands it took since it was last asked,
%% `forget NAME` ends a Termination behind the controller's back, `shift NAME` puts it into a new
%% Context, and an empty line has it leave.
-module(otp_gateway).
-export([main/1, answer/1]).
-import(otp_link, [call/2, expect/2, find/2, say/2]).

-record(termination, {context, mode, port, remote}).
-record(state, {refused, held = #{}, names = 0, contexts = 0, took = []}).

-define(NULL, 0).
-define(CHOOSE, 16#fffffffe).
-define(ALL, 16#ffffffff).
-define(FIRST_PORT, 30002).

main([Encoding, Carrier, Version, Port, Refused]) ->
    register(holder, spawn_link(fun() -> serve(#state{refused = Refused}) end)),
    Mid = {deviceName, "otp_gateway"},
    Link = otp_link:start(?MODULE, Mid, [Encoding, Carrier, Version]),
    Place = {preliminary_mid, list_to_integer(Port)},
    Replies = call(otp_link:open(Link, new, Place), io_lib:format(
        "Context=-{ServiceChange=ROOT{Services{Method=Restart,Reason=\"901 Cold Boot\","
        "Version=~s}}}", [Version])),
    [Accepted] = find('ServiceChangeResParm', Replies),
    say("registered with version ~w", [element(4, Accepted)]),
    commanded(Link).

commanded(Link) ->
    case string:lexemes(io:get_line(""), " \n") of
        [] ->
            call(otp_link:connection(Link), "Context=-{ServiceChange=ROOT{Services{"
                 "Method=Forced,Reason=\"908 MG Impending Failure\"}}}"),
            say("left", []),
            io:get_line("");
        Words ->
            say("~s", [asked({line, Words})]),
            commanded(Link)
    end.

%% One transaction at a time, so that none sees half of another.
answer(Actions) -> {now, discard_ack, asked({actions, Actions})}.

asked(What) ->
    Mark = make_ref(),
    holder ! {self(), Mark, What},
    receive {Mark, Answer} -> Answer end.

serve(State) ->
    receive
        {From, Mark, {line, Words}} ->
            {Answer, Next} = line(Words, State),
            From ! {Mark, Answer},
            serve(Next);
        {From, Mark, {actions, Actions}} ->
            {Answers, Next} = lists:mapfoldl(fun action/2, State, Actions),
            From ! {Mark, lists:join(",", lists:append(Answers))},
            serve(Next)
    end.

line(["held"], State = #state{took = Took}) ->
    Count = fun(Kind) -> length([One || One <- Took, One =:= Kind]) end,
    Counts = [io_lib:format(" ~s ~w", [Kind, Count(Kind)]) || Kind <- lists:usort(Took)],
    {io_lib:format("held ~s| took~s", [[contained(One, State) || One <- contexts(State)], Counts]),
     State#state{took = []}};
line(["forget", Name], State) -> {["forgot ", Name], without(Name, State)};
line(["shift", Name], State = #state{held = Held, contexts = Last}) ->
    #{Name := Termination} = Held,
    Shifted = Held#{Name => Termination#termination{context = Last + 1}},
    {["shifted ", Name], State#state{held = Shifted, contexts = Last + 1}}.

contained(Context, State) ->
    Told = fun(Name) ->
        #{Name := One} = State#state.held,
        #termination{mode = Mode, port = Port, remote = Remote} = One,
        io_lib:format("~s ~s ~w>~s ", [Name, mode(Mode), Port, remote_port(Remote)])
    end,
    [io_lib:format("context ~w ", [Context]), [Told(Name) || Name <- names(Context, State)]].

contexts(#state{held = Held}) ->
    lists:usort([Context || #termination{context = Context} <- maps:values(Held)]).

names(Context, #state{held = Held}) ->
    lists:sort([Name || {Name, #termination{context = Its}} <- maps:to_list(Held),
                        Its =:= Context]).

%% The replies to one action; where nothing is said of a Context, none.
action(Action, State) ->
    Requests = find('CommandRequest', Action),
    case {element(2, Action), Requests} of
        {?ALL, [{_, {auditValueRequest, Audit}, _, _}]} -> {audit_all(Audit, State), State};
        {?ALL, _} -> {["Context=*{Error=501{\"wildcards\"}}"], State};
        {?CHOOSE, _} ->
            Context = State#state.contexts + 1,
            {Text, Next} = commands(Context, Requests, State#state{contexts = Context}),
            {[within(Context, Text)], Next};
        {?NULL, _} ->
            {Text, Next} = commands(?NULL, Requests, State),
            {[within(?NULL, Text)], Next};
        {Context, _} ->
            case names(Context, State) of
                [] -> {[within(Context, refusal(411))], State};
                _ ->
                    {Text, Next} = commands(Context, Requests, State),
                    {[within(Context, Text)], Next}
            end
    end.

within(?NULL, Text) -> ["Context=-{", Text, "}"];
within(Context, Text) -> io_lib:format("Context=~w{~s}", [Context, Text]).

refusal(Code) -> io_lib:format("Error=~w{\"~s\"}", [Code, phrase(Code)]).

phrase(411) -> "Unknown ContextID";
phrase(430) -> "Unknown TerminationID";
phrase(431) -> "No TerminationID matched a wildcard";
phrase(435) -> "Termination ID is not in specified Context";
phrase(443) -> "Unsupported or unknown command";
phrase(510) -> "Insufficient resources".

%% Commands in order, up to the first that is refused.
commands(Context, Requests, State) ->
    {Texts, Next} = commands(Context, Requests, State, []),
    {lists:join(",", lists:reverse(Texts)), Next}.

commands(_, [], State, Texts) -> {Texts, State};
commands(Context, [{'CommandRequest', {Kind, Request}, _, _} | More], State, Texts) ->
    Word = word(Kind),
    Name = named(Request),
    case command(Kind, Context, Name, Request, took(Word, State)) of
        {ok, Said, Next} ->
            commands(Context, More, Next, [Said | Texts]);
        {refused, Code, Next} ->
            {[io_lib:format("~s=~s{~s}", [Word, Name, refusal(Code)]) | Texts], Next}
    end.

%% What is asked every now and then is not counted.
took("AuditValue", State) -> State;
took(Word, State = #state{took = Took}) -> State#state{took = [Word | Took]}.

word(addReq) -> "Add";
word(moveReq) -> "Move";
word(modReq) -> "Modify";
word(subtractReq) -> "Subtract";
word(auditValueRequest) -> "AuditValue".

named(Request) ->
    case element(2, Request) of
        [{megaco_term_id, _, Levels}] -> lists:flatten(lists:join("/", Levels));
        {megaco_term_id, _, Levels} -> lists:flatten(lists:join("/", Levels))
    end.

command(addReq, Context, _, Request, State) -> add(Context, Request, State);
command(moveReq, _, _, _, State = #state{refused = "move"}) -> {refused, 443, State};
command(modReq, ?NULL, Name, _, State) -> {ok, ["Modify=", Name], State};
command(auditValueRequest, Context, Name, Request, State) ->
    audit(Context, Name, wanted(Request), State);
command(Kind, Context, Name, Request, State = #state{held = Held}) ->
    case Held of
        #{Name := One = #termination{context = Its}} when Kind =:= moveReq; Its =:= Context ->
            known(Kind, Context, {Name, One}, Request, State);
        #{Name := _} -> {refused, 435, State};
        #{} -> {refused, 430, State}
    end.

known(subtractReq, _, {Name, _}, Request, State) ->
    Statistics = case find('AuditDescriptor', Request) of
        [] -> "{Statistics{nt/dur=1}}";
        _ -> ""
    end,
    {ok, ["Subtract=", Name, Statistics], without(Name, State)};
known(Kind, Context, {Name, One}, Request, State) ->
    Changed = changed(One#termination{context = Context}, Request),
    {ok, [word(Kind), "=", Name], with(Name, Changed, State)}.

with(Name, One, State = #state{held = Held}) -> State#state{held = Held#{Name => One}}.

without(Name, State = #state{held = Held}) -> State#state{held = maps:remove(Name, Held)}.

%% What a Termination is after its stream was written to.
changed(One, Request) ->
    case find('StreamParms', Request) of
        [] -> One;
        [Parms] ->
            Modes = [element(2, Control) || Control <- find('LocalControlDescriptor', Parms)],
            Mode = hd([Mode || Mode <- Modes, Mode =/= asn1_NOVALUE] ++ [One#termination.mode]),
            Remote = case element(4, Parms) of
                asn1_NOVALUE -> One#termination.remote;
                Given -> Given
            end,
            One#termination{mode = Mode, remote = Remote}
    end.

%% A new Termination on the port that Local asks for, or on the lowest that is free.
add(Context, Request, State = #state{held = Held, names = Last}) ->
    [Parms] = find('StreamParms', Request),
    Used = [Port || #termination{port = Port} <- maps:values(Held)],
    Port = case sdp("m", element(3, Parms)) of
        ["audio", "$" | _] -> lowest(?FIRST_PORT, Used);
        ["audio", Digits | _] -> list_to_integer(Digits)
    end,
    case lists:member(Port, Used) of
        true -> {refused, 510, State};
        false ->
            Name = "rtp/" ++ integer_to_list(Last + 1),
            New = #termination{context = Context, mode = inactive, port = Port},
            One = changed(New, Request),
            Text = ["Add=", Name, "{Media{Stream=1{", local(One), "}}}"],
            {ok, Text, with(Name, One, State#state{names = Last + 1})}
    end.

lowest(Port, Used) ->
    case lists:member(Port, Used) of true -> lowest(Port + 2, Used); false -> Port end.

local(#termination{port = Port}) ->
    io_lib:format("Local{v=0\no=- 1 1 IN IP4 127.0.0.1\ns=-\nc=IN IP4 127.0.0.1\nt=0 0\n"
                  "m=audio ~w RTP/AVP 0\n}", [Port]).

%% The words of a line of a session description.
sdp(Name, Description) ->
    [Value | _] = [Value || {_, Its, [Value], _} <- find('PropertyParm', Description),
                            Its =:= Name],
    string:lexemes(text(Value), " ").

%% In binary a value is BER of its own: an IA5String.
text([22, Length | Text]) when length(Text) =:= Length -> Text;
text(Text) -> Text.

remote_port(Remote) -> lists:nth(2, sdp("m", Remote)).

mode(sendRecv) -> "SendReceive";
mode(recvOnly) -> "ReceiveOnly";
mode(sendOnly) -> "SendOnly";
mode(inactive) -> "Inactive".

%% The tokens of an audit.
wanted(Request) ->
    Tokens = [element(2, Audit) || Audit <- find('AuditDescriptor', Request)],
    lists:append([Some || Some <- Tokens, is_list(Some)]).

audit(?NULL, Name, Wanted, State) ->
    case string:lowercase(Name) of
        "root" -> {ok, ["AuditValue=", Name, packages(Wanted)], State};
        "*" -> {refused, 431, State};
        _ -> {refused, 430, State}
    end;
audit(Context, "*", Wanted, State) ->
    {ok, every(names(Context, State), Wanted, State), State};
audit(Context, Name, Wanted, State = #state{held = Held}) ->
    case Held of
        #{Name := #termination{context = Context}} ->
            {ok, every([Name], Wanted, State), State};
        #{Name := _} -> {refused, 435, State};
        #{} -> {refused, 430, State}
    end.

packages(Wanted) ->
    case lists:member(packagesToken, Wanted) of
        true -> "{Packages{g-1,root-2,nt-1,rtp-1}}";
        false -> ""
    end.

%% Terminations with what is wanted of them.
every(Names, Wanted, #state{held = Held}) ->
    lists:join(",", [["AuditValue=", Name, media(maps:get(Name, Held), Wanted)] || Name <- Names]).

media(One = #termination{mode = Mode}, Wanted) ->
    case lists:member(mediaToken, Wanted) of
        true -> ["{Media{Stream=1{LocalControl{Mode=", mode(Mode), "},", local(One), "}}}"];
        false -> ""
    end.

%% An audit of one name or of all, wherever they are.
audit_all(Audit, State) ->
    Wanted = wanted(Audit),
    Fits = case named(Audit) of
        "*" -> fun(_) -> true end;
        Name -> fun(Other) -> Other =:= Name end
    end,
    Found = [{Context, lists:filter(Fits, names(Context, State))} || Context <- contexts(State)],
    case {[One || One = {_, [_ | _]} <- Found], named(Audit)} of
        {[], "*"} -> [["Context=*{AuditValue=*{", refusal(431), "}}"]];
        {[], Unknown} -> [["Context=*{AuditValue=", Unknown, "{", refusal(430), "}}"]];
        {Some, _} ->
            [within(Context, every(Names, Wanted, State)) || {Context, Names} <- Some]
    end.
