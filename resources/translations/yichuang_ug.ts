<?xml version="1.0" encoding="utf-8"?>
<!DOCTYPE TS>
<TS version="2.1" language="ug_CN" sourcelanguage="zh_CN">
<context>
    <name>Asker</name>
    <message>
        <location filename="../../kiosk_app/asking.py" line="52"/>
        <source>现在联系不上大厅主机，查不到这一项。请稍后再试，或到咨询台询问；您没有丢失任何东西。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/asking.py" line="57"/>
        <source>刚才这一步没有完成。请再试一次；仍不行，请按下方「叫工作人员帮忙」。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>BringPage</name>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="32"/>
        <source>要带什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="34"/>
        <source>取号示例标记</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="35"/>
        <source>材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="39"/>
        <source>身份证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="40"/>
        <source>我需要优先办理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="40"/>
        <source>需要优先办理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="42"/>
        <source>请选您的情况，到窗口时可能要看证件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="45"/>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="98"/>
        <source>取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="47"/>
        <source>不是这件事，办别的</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="80"/>
        <source>已读身份证：{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="83"/>
        <source>您预约了 {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="85"/>
        <source>交补正材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="85"/>
        <source>请带好下面的东西，到窗口说“来交补正材料”</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="88"/>
        <source>请带好身份证和与这件事有关的材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="91"/>
        <source>这件事在{0}办理，本大厅不取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="95"/>
        <source>请带好下面的材料{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="97"/>
        <source>签到取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="97"/>
        <source>材料齐了，取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="110"/>
        <source>预约时段：{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="111"/>
        <source>请带好身份证原件和预约时要求的材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="115"/>
        <source>补正告知书，没有带的记下办件编号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="116"/>
        <source>告知书上列出的材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="117"/>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="122"/>
        <source>居民身份证原件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="118"/>
        <source>任意一个综合窗口都能收，不用找原来的窗口</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="123"/>
        <source>与要办的事有关的材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="124"/>
        <source>不清楚要带什么？按「返回」选事项，先看材料清单</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_bring.py" line="141"/>
        <source>优先：{0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CallCell</name>
    <message>
        <location filename="../../kiosk_app/display/view_calls.py" line="85"/>
        <source>{0} 号码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view_calls.py" line="87"/>
        <source>{0} 窗口</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view_calls.py" line="96"/>
        <source>最新</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>CodeEntry</name>
    <message>
        <location filename="../../kiosk_app/view_code_entry.py" line="30"/>
        <source>把身份证放在读卡区，不用输入</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_code_entry.py" line="30"/>
        <source>只用来查找，离开时清除</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_code_entry.py" line="34"/>
        <source>凭证编号 或 身份证号码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_code_entry.py" line="43"/>
        <source>继续</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_code_entry.py" line="66"/>
        <source>读卡器暂时不能用，请输入编号或号码。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DisplayPresenter</name>
    <message>
        <location filename="../../kiosk_app/display/presenter.py" line="158"/>
        <source>请 {0} 号到 {1}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>DisplayView</name>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="55"/>
        <source>请 {0} 号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="56"/>
        <source>到{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="83"/>
        <source>大厅名称</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="85"/>
        <source>叫号系统</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="86"/>
        <source>现在时间</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="102"/>
        <source>正在呼叫</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="103"/>
        <source>呼叫窗口</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="114"/>
        <source>前次呼叫 {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="129"/>
        <source>已叫 {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="173"/>
        <source>等候 {0} 人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="188"/>
        <source>正在连接，请稍候</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="190"/>
        <source>请听现场叫号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="191"/>
        <source>请留意叫号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="159"/>
        <source>大厅通知</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="173"/>
        <source>— 人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="178"/>
        <source>{0}等候</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="196"/>
        <source>本屏暂时收不到新的叫号。请留意窗口人员口头叫号，也可以到窗口或咨询台询问。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="197"/>
        <source>您的号码一直有效，不用重新取号。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="200"/>
        <source>本屏时间比大厅{0}，请工作人员校准；叫号不受影响。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="206"/>
        <source>正在切换主机，请听现场叫号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="209"/>
        <source>断开 {0} 分钟，请听现场叫号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="211"/>
        <source>正在连接</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/display/view.py" line="213"/>
        <source>正常</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>FaultHooks</name>
    <message>
        <location filename="../../ui/fault_hooks.py" line="65"/>
        <source>刚才这一步没有完成，程序仍在运行，已保存的内容不受影响。请再试一次；仍不行请联系工作人员。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GuidePage</name>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="120"/>
        <source>办事指南</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="123"/>
        <source>指南示例标记</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="124"/>
        <source>指南内容</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="125"/>
        <source>打印材料清单</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="127"/>
        <source>取这件事的号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="127"/>
        <source>按指南取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="143"/>
        <source>在{0}办理</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="149"/>
        <source>这件事不用带材料，带上身份证就可以</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>GuideView</name>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="42"/>
        <source>指南</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="47"/>
        <source>您想了解什么事？</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="47"/>
        <source>选一个最接近的说法</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="89"/>
        <source>工作人员已收到提醒。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="89"/>
        <source>请告诉身边的工作人员。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="92"/>
        <source>正在打印，请稍候…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="94"/>
        <source>已打印，请在出票口取走。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="96"/>
        <source>打印机没纸了，可以先拍下屏幕。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="98"/>
        <source>已送去打印，还没有确认打好，请看看出票口，也可以先拍下屏幕。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="101"/>
        <source>打到一半停了，打印机没纸或开了盖，可以先拍下屏幕。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/guide/view.py" line="104"/>
        <source>没有打印出来，可以先拍下屏幕。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>HomeView</name>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="31"/>
        <location filename="../../kiosk_app/home/view.py" line="47"/>
        <source>首页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="32"/>
        <source>您要做什么？</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="32"/>
        <source>请轻触一项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="35"/>
        <source>取号办事</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="35"/>
        <source>先看要带什么</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="36"/>
        <source>刷身份证取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="36"/>
        <source>带了身份证，刷一下更快</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="37"/>
        <source>交补正材料</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="37"/>
        <source>有补正告知书</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="38"/>
        <source>办事指南</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="38"/>
        <source>可以打印带走</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="39"/>
        <source>查进度</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="39"/>
        <source>凭编号或身份证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="40"/>
        <source>评价服务</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="40"/>
        <source>五个工作日内可补评</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="41"/>
        <source>取件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="41"/>
        <source>到哪个窗口领</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="59"/>
        <source>本机时间比大厅{0}，请告诉工作人员校准；取号不受影响。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/home/view.py" line="61"/>
        <source>大厅主机暂时连不上。取号、看指南不受影响；查进度、评价请稍后再来，或到咨询台。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>IdleOverlay</name>
    <message>
        <location filename="../../kiosk_app/shell/view_idle.py" line="30"/>
        <source>剩余秒数</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view_idle.py" line="31"/>
        <source>我还需要时间</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view_idle.py" line="32"/>
        <source>结束并清除</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view_idle.py" line="32"/>
        <source>现在结束并清除</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view_idle.py" line="39"/>
        <source>您还在吗？</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view_idle.py" line="39"/>
        <source>还在吗</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view_idle.py" line="56"/>
        <source>{0} 秒后清除并回到首页</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Keypad</name>
    <message>
        <location filename="../../ui/keypad.py" line="41"/>
        <source>退格</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/keypad.py" line="42"/>
        <source>清空</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Materials</name>
    <message>
        <location filename="../../kiosk_app/view_materials.py" line="20"/>
        <source>原件 {0} 份</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_materials.py" line="22"/>
        <source>复印件 {0} 份</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_materials.py" line="24"/>
        <source>可以后补</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>MattersPage</name>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="83"/>
        <source>事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="84"/>
        <source>这里还没有可以选的事项。请按「返回」换一种找法，或叫工作人员帮忙。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="85"/>
        <source>没有这样开头的事项。请退格少按几个字母，或叫工作人员帮忙。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="86"/>
        <source>没有事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="87"/>
        <source>不确定事项，先取本专区的号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="90"/>
        <source>按拼音首字母找</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="90"/>
        <source>首字母查找</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="91"/>
        <source>收起字母，看全部</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="91"/>
        <source>收起字母</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="96"/>
        <source>事项首字母</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="97"/>
        <source>户口按 H K，社保按 S B</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="124"/>
        <source>找到 {0} 项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="125"/>
        <source>请选择事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="122"/>
        <source>共 {0} 项</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>NoticeBar</name>
    <message>
        <location filename="../../ui/notice_bar.py" line="31"/>
        <source>提示</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PagePreview</name>
    <message>
        <location filename="../../ui/page_preview.py" line="31"/>
        <source>还没有画面</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PagedTiles</name>
    <message>
        <location filename="../../kiosk_app/view_paging.py" line="57"/>
        <source>上一页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_paging.py" line="57"/>
        <source>{0}上一页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_paging.py" line="60"/>
        <source>下一页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_paging.py" line="60"/>
        <source>{0}下一页</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_paging.py" line="64"/>
        <source>{0}页码</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>PickUpView</name>
    <message>
        <location filename="../../kiosk_app/pick_up/view.py" line="18"/>
        <location filename="../../kiosk_app/pick_up/view.py" line="23"/>
        <location filename="../../kiosk_app/pick_up/view.py" line="34"/>
        <source>取件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/pick_up/view.py" line="21"/>
        <source>取件说明</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/pick_up/view.py" line="38"/>
        <source>取件请到{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/pick_up/view.py" line="38"/>
        <source>请带好下面列出的证件和凭证</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/pick_up/view.py" line="41"/>
        <source>取件地点</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/pick_up/view.py" line="42"/>
        <source>取件时间</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ProgressView</name>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="40"/>
        <source>查进度</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="41"/>
        <source>查办理进度</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="44"/>
        <source>进度结果</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="45"/>
        <source>进度</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="51"/>
        <source>请按「返回」核对编号，或换身份证再查一次</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="52"/>
        <source>刚交的材料可能还在登记，过一会儿再来查</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="53"/>
        <source>也可以按下面的「叫工作人员帮忙」</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="76"/>
        <source>查到 {0} 件</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="76"/>
        <source>没有查到</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>QuestionsPage</name>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="37"/>
        <source>问题</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="39"/>
        <source>请按事项或按专区查找。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="40"/>
        <source>按事项找</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="41"/>
        <source>按专区找</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="47"/>
        <source>您要办什么事？</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="47"/>
        <source>选一个最接近的说法</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RatePresenter</name>
    <message>
        <location filename="../../kiosk_app/rate/presenter.py" line="135"/>
        <source>没有找到可以评价的服务：可能还没有办完，或者已经评价过了。每次服务评价一次。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RateView</name>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="37"/>
        <source>评价</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="38"/>
        <source>评价哪一次服务？</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="41"/>
        <source>待评价</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="42"/>
        <source>请选择要评价的服务</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="43"/>
        <source>服务</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="45"/>
        <source>评价打分</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="52"/>
        <source>评价完成</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="53"/>
        <source>谢谢您的评价</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="55"/>
        <source>评价已经保存，每次服务计一次</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="56"/>
        <source>窗口人员看不到是谁评价的</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="59"/>
        <source>完成</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="59"/>
        <source>评价完成返回</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/rate/view.py" line="89"/>
        <source>这次服务您满意吗？</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RatingPanel</name>
    <message>
        <location filename="../../ui/rating_panel.py" line="73"/>
        <source>匿名评价</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/rating_panel.py" line="74"/>
        <source>提交评价</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/rating_panel.py" line="117"/>
        <source>您选择了「{0}」。主要是因为（可不选，可多选）：</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>RefusalBox</name>
    <message>
        <location filename="../../ui/view_refusal.py" line="25"/>
        <source>一窗</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/view_refusal.py" line="37"/>
        <source>知道了</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ResultPage</name>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="32"/>
        <source>取号结果</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="33"/>
        <source>号码取好了</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="37"/>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="44"/>
        <source>您的号码</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="38"/>
        <source>办理事项</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="39"/>
        <source>办理专区</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="41"/>
        <source>优先类别</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="49"/>
        <source>到哪里排队</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="50"/>
        <source>小票状态</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="51"/>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="92"/>
        <source>没有拿到小票，再打印一次</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="51"/>
        <source>补打小票</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="53"/>
        <source>完成</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="84"/>
        <source>优先办理：{0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="92"/>
        <source>纸装好了，再打印一次</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="101"/>
        <source>大厅主机暂时连不上，这个号一样有效。请到{0}排队，告诉窗口这个号。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="103"/>
        <source>大厅主机暂时连不上，这个号一样有效。请到{0}排队，把小票给窗口看。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="118"/>
        <source>打印机没纸了，没有小票也能办。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="107"/>
        <source>工作人员已收到提醒。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="52"/>
        <source>完成（号码保留）</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="107"/>
        <source>请告诉身边的工作人员。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="108"/>
        <source>号码已保留：{0}，请记下或拍照。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="111"/>
        <source>正在打印小票，请稍候…</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="113"/>
        <source>小票已打印，请在出票口取走。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="115"/>
        <source>不能再补打了，没有小票也能办：{0}，请记下或拍照。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="120"/>
        <source>小票还没有确认打好，请看看出票口。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="123"/>
        <source>小票打到一半停了，打印机没纸或开了盖。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="125"/>
        <source>小票没有打出来。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShellPresenter</name>
    <message>
        <location filename="../../kiosk_app/shell/presenter.py" line="189"/>
        <source>已经通知工作人员，请稍候。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/presenter.py" line="191"/>
        <source>已经通知工作人员，请在这里稍候，马上有人过来。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/presenter.py" line="197"/>
        <source>现在通知不到工作人员。请到大厅入口的咨询台，或招呼身边的工作人员。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/presenter.py" line="240"/>
        <source>您还在吗？如果还需要时间，请按屏幕上的按钮。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ShellView</name>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="46"/>
        <source>通知</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="78"/>
        <source>标准字号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="78"/>
        <location filename="../../kiosk_app/shell/view.py" line="128"/>
        <source>大字版</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="79"/>
        <source>标准颜色</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="79"/>
        <location filename="../../kiosk_app/shell/view.py" line="129"/>
        <source>高对比</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="80"/>
        <source>标准位置</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="80"/>
        <location filename="../../kiosk_app/shell/view.py" line="130"/>
        <source>低位操作</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="109"/>
        <source>大厅名称</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="111"/>
        <source>大厅连接</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="112"/>
        <source>现在时间</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="125"/>
        <source>返回</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="126"/>
        <source>叫工作人员帮忙</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="127"/>
        <source>结束并清除</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="128"/>
        <source>字号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="129"/>
        <source>对比度</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="130"/>
        <source>位置</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="168"/>
        <source>正在连接</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="172"/>
        <source>断开，仍可取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/shell/view.py" line="170"/>
        <source>正常</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>SignaturePad</name>
    <message>
        <location filename="../../ui/signature_pad.py" line="37"/>
        <source>签名处</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/signature_pad.py" line="38"/>
        <source>请在此处签名</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Stepper</name>
    <message>
        <location filename="../../ui/stepper.py" line="98"/>
        <source>{0} 步都已完成</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/stepper.py" line="100"/>
        <source>第 {0} 步，共 {1} 步：{2}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>TakeTicketView</name>
    <message>
        <location filename="../../kiosk_app/take_ticket/view.py" line="46"/>
        <source>取号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view.py" line="101"/>
        <source>读卡器暂时不能用。请按「返回」，选「取号办事」，不用身份证也能取号。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ThreeStateMark</name>
    <message>
        <location filename="../../ui/three_state_mark.py" line="46"/>
        <source>本机已存</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/three_state_mark.py" line="46"/>
        <source>本机保存中</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/three_state_mark.py" line="47"/>
        <source>大厅已收</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/three_state_mark.py" line="47"/>
        <source>大厅待传</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/three_state_mark.py" line="48"/>
        <source>中心已收</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../ui/three_state_mark.py" line="48"/>
        <source>中心待传</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>Typed</name>
    <message>
        <location filename="../../kiosk_app/typed.py" line="20"/>
        <source>请输入凭证上的编号，或者身份证号码，也可以刷身份证。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/typed.py" line="27"/>
        <source>编号由数字和字母组成，在小票或凭证的二维码下面。请核对后再输入。</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>ZonesPage</name>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="170"/>
        <source>专区</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="171"/>
        <source>现在没有开放的专区。请到咨询台询问。</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="174"/>
        <source>请选择专区</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="193"/>
        <source>等候 {0} 人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="195"/>
        <source>现在不用等</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="197"/>
        <source>约 {0} 分钟</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/view_choosers.py" line="199"/>
        <source>开放 {0} 个窗口</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Card</name>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="90"/>
        <source>状态 {0}</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/progress/view.py" line="104"/>
        <source>申请人 {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_CardPage</name>
    <message>
        <location filename="../../kiosk_app/take_ticket/view.py" line="111"/>
        <source>请把身份证放在读卡区</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view.py" line="111"/>
        <source>读卡区在屏幕下方，听到“滴”一声后拿开</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view.py" line="122"/>
        <source>身份证平放，保持不动</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view.py" line="123"/>
        <source>只用于本次取号，离开时清除</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view.py" line="124"/>
        <source>没带身份证也能取号：返回后选「取号办事」</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Facts</name>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="147"/>
        <source>前面人数</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="148"/>
        <source>大约等候</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="149"/>
        <source>等候地点</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="163"/>
        <source>前面没有人，请留意叫号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="163"/>
        <source>马上轮到您，请留意叫号</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="166"/>
        <source>前面还有 {0} 人</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="167"/>
        <source>马上轮到您</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="160"/>
        <source>大约等 {0} 分钟</source>
        <translation type="unfinished"></translation>
    </message>
    <message>
        <location filename="../../kiosk_app/take_ticket/view_result.py" line="172"/>
        <source>请到{0}等候</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_Key</name>
    <message>
        <location filename="../../ui/keypad.py" line="75"/>
        <source>按键 {0}</source>
        <translation type="unfinished"></translation>
    </message>
</context>
<context>
    <name>_PaintedButton</name>
    <message>
        <location filename="../../ui/buttons.py" line="40"/>
        <source>正在处理</source>
        <translation type="unfinished"></translation>
    </message>
</context>
</TS>
